import { SetMetadata } from '@nestjs/common';

/** Metadata key of routes that no rate limit holds for. */
export const UNLIMITED = 'orchestrator:unlimited';

/** The route is bounded by something else than the number of requests: a lease, for example. */
export const Unlimited = (): MethodDecorator => SetMetadata(UNLIMITED, true);

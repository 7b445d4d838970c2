import { HttpContext, HttpContextToken, type HttpInterceptorFn } from '@angular/common/http';

interface MetadataFilter {
  readonly key: string;
  readonly value: string;
}

const METADATA = new HttpContextToken<MetadataFilter | null>(() => null);

/**
 * Runs are also found by `metadata.KEY=value` with any KEY. A generated function knows only the parameters
 * that the API document names, so this one travels in the request's context and is added on the way out.
 */
export const metadataContext = (filter: MetadataFilter | null): HttpContext =>
  new HttpContext().set(METADATA, filter);

export const metadataFilterInterceptor: HttpInterceptorFn = (request, next) => {
  const filter = request.context.get(METADATA);
  if (filter === null) return next(request);
  return next(request.clone({ params: request.params.set(`metadata.${filter.key}`, filter.value) }));
};

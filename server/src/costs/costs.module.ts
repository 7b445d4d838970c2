import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { CostsController } from './costs.controller.js';
import { CostsRepository } from './costs.repository.js';
import { EstimatesController } from './estimates.controller.js';
import { EstimatesService } from './estimates.service.js';
import { PricesController } from './prices.controller.js';

/** What model calls cost, what they will cost, and their prices. */
@Module({
  imports: [AgentsModule, RunsModule],
  controllers: [CostsController, EstimatesController, PricesController],
  providers: [CostsRepository, EstimatesService],
})
export class CostsModule {}

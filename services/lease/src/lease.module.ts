import { Module, type DynamicModule } from '@nestjs/common';
import { Plans } from '@tollgate/events';
import { LeaseController } from './lease.controller.js';

@Module({})
export class LeaseModule {
  static with(plans: Plans): DynamicModule {
    return { module: LeaseModule, controllers: [LeaseController], providers: [{ provide: Plans, useValue: plans }] };
  }
}

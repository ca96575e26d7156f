import { Module, type DynamicModule } from '@nestjs/common';
import { DispatchController } from './dispatch.controller.js';
import { Dispatching } from './dispatching.js';

@Module({})
export class DispatchModule {
  static with(dispatching: Dispatching): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [DispatchController],
      providers: [{ provide: Dispatching, useValue: dispatching }],
    };
  }
}

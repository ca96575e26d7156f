import { Module, type DynamicModule } from '@nestjs/common';
import type { PolicySettings } from './decide-call.js';
import { POLICY_SETTINGS, PolicyController } from './policy.controller.js';

@Module({})
export class PolicyModule {
  static with(settings: PolicySettings): DynamicModule {
    return {
      module: PolicyModule,
      controllers: [PolicyController],
      providers: [{ provide: POLICY_SETTINGS, useValue: settings }],
    };
  }
}

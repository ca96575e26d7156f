import { Module } from '@nestjs/common';
import { LeaseController } from './lease.controller.js';

@Module({ controllers: [LeaseController] })
export class LeaseModule {}

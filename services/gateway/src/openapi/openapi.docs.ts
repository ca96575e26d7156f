import { z } from 'zod';
import { object } from './answers.js';
import type { Documentation } from './documented.js';

export const openApiDocs: Documentation = {
  summary: 'This reference for machines, without a key.',
  section: 'Reference',
  answers: {
    200: {
      schema: z.looseObject({ openapi: z.string(), info: object, paths: object, components: object }),
      example: { openapi: '3.1.1', info: { title: 'Tollgate', version: '1' }, paths: {}, components: {} },
    },
  },
};

export const pageDocs: Documentation = {
  summary: 'This reference for people, without a key.',
  section: 'Reference',
  answers: { 200: { schema: z.string(), contentType: 'text/html', example: '<!doctype html>…' } },
};

import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ForAnybody } from '../auth/access.js';
import type { OpenApi } from './document.js';
import { Documented } from './documented.js';
import { openApiDocs, pageDocs } from './openapi.docs.js';
import { referencePage } from './page.js';

export const OPEN_API = Symbol('the reference of all routes');

/** Contract section 8: the reference, for machines and for people. */
@Controller('v1')
export class OpenApiController {
  private readonly html: string;

  constructor(@Inject(OPEN_API) private readonly document: OpenApi) {
    this.html = referencePage(document);
  }

  @Documented(openApiDocs)
  @Get('openapi.json')
  @ForAnybody()
  json(): OpenApi {
    return this.document;
  }

  @Documented(pageDocs)
  @Get('docs')
  @ForAnybody()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(): string {
    return this.html;
  }
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { builtApiPage } from './document/api-page.js';
import { completeDocument } from './document/complete-document.js';

const DESCRIPTION = `The admin API of the MCP gateway that forgets credentials.

Every error is RFC 9457 problem details: \`code\` is stable, and \`type\` leads to a description. A method that a path does not
have is answered with 405 and \`Allow\`. Bodies are JSON objects of at most 1 MiB, nested at most 64 deep; unknown fields are
refused. Only the operations that take a sealed credential or a document take another type. Answers may get further members.`;

/** Serves `/openapi.json` (OpenAPI 3.1), and Swagger UI at `/docs`. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const customSwaggerUiPath = builtApiPage();
  SwaggerModule.setup('docs', app, () => openApiOf(app), { jsonDocumentUrl: 'openapi.json', customSwaggerUiPath });
}

function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Lethe registry')
    .setDescription(DESCRIPTION)
    .setVersion('v1')
    .addServer('/', 'The registry that serves this document')
    .addSecurity('bearer', {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'lethe_admin_<id>_<secret>',
      description: 'Token of an administrator',
    })
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config));
}

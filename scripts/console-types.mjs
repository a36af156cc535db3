// Writes the types of the admin API that the console is built with, from the OpenAPI document of a registry.
import openapiTS, { astToString } from 'openapi-typescript';

const BANNER =
  '// Made from the OpenAPI document by `npm run console:types`; a test compares the two. Do not edit.\n\n';

/** The document without its errors: every error is problem details (RFC 9457), which the console reads as one type. */
function withoutErrors(document) {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, operations]) => [path, mapOperations(operations)]),
  );
  const schemas = Object.entries(document.components.schemas).filter(([name]) => !name.endsWith('Problem'));
  return { ...document, paths, components: { schemas: Object.fromEntries(schemas) } };
}

function mapOperations(operations) {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [
      method,
      operation.responses ? { ...operation, responses: succeeded(operation.responses) } : operation,
    ]),
  );
}

function succeeded(responses) {
  return Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2')));
}

/** @param {object} document an OpenAPI document @returns {Promise<string>} a TypeScript file */
export async function consoleTypes(document) {
  return BANNER + astToString(await openapiTS(withoutErrors(document), { emptyObjectsUnknown: true }));
}

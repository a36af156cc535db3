import { isObject } from '@lethe/mcp';
import { LetheError, validationPipe } from '@lethe/platform';
import { requireStorable } from '../rest/body.guard.js';
import { hasClearCredential } from '../rest/clear-credential.js';
import { refuseCredentialText } from '../rest/free-text.guard.js';
import { ImportDto } from './import.dto.js';
import { readDocument } from './read-document.js';
import { isUnread } from './unread-body.js';

/**
 * Reads and checks a document, by the rules of the single requests.
 * @throws LetheError `invalid_request`, `credential_in_clear`, `payload_too_large`, `unsupported_media_type`
 */
export async function receivedDocument(body: unknown): Promise<ImportDto> {
  if (body === undefined || body === null) {
    throw new LetheError('invalid_request', { errors: [{ field: '*', rule: 'required' }] });
  }
  if (!isUnread(body)) throw new LetheError('unsupported_media_type');
  const data = readDocument(await body());
  requireStorable(data);
  const settings = withoutCatalogues(data);
  refuseCredentialText(settings);
  if (isObject(settings) && hasClearCredential(settings['gateways'])) throw new LetheError('credential_in_clear');
  const dto: unknown = await validationPipe().transform(data, { type: 'body', metatype: ImportDto });
  if (dto instanceof ImportDto) return dto;
  throw new LetheError('invalid_request', { errors: [{ field: '*', rule: 'object' }] });
}

/** Catalogues are texts of upstreams, and taken only as a registry has sealed them. */
function withoutCatalogues(data: unknown): unknown {
  if (!isObject(data)) return data;
  const { gateways } = data;
  if (!Array.isArray(gateways)) return data;
  return { ...data, gateways: gateways.map((each) => (isObject(each) ? { ...each, catalogue: null } : each)) };
}

import { RegisterGatewayDto } from '../gateways/gateway.dto.js';
import { type GatewayDetails, toGatewayView } from '../gateways/gateway.view.js';
import { fieldsOf } from '../rest/dto-fields.js';
import { asJson, type Exported, picked } from './document.js';

/** All that a gateway can be registered with. */
export const GATEWAY_FIELDS: readonly string[] = fieldsOf(RegisterGatewayDto);

/**
 * A gateway as it is registered: with the configuration that is wanted, also if another one still serves. Of a kept credential only
 * that there is one.
 */
export function exportedGateway(details: GatewayDetails): Exported {
  const { config, pending, kept } = details;
  const fields = picked(toGatewayView({ ...details, config: pending ?? config }), GATEWAY_FIELDS);
  return kept === undefined ? fields : asJson({ ...fields, credential: 'kept' });
}

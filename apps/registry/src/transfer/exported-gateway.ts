import { RegisterGatewayDto } from '../gateways/gateway.dto.js';
import { type GatewayDetails, toGatewayView } from '../gateways/gateway.view.js';
import { fieldsOf } from '../rest/dto-fields.js';
import { type Exported, picked } from './document.js';

/** All that a gateway can be registered with. */
export const GATEWAY_FIELDS: readonly string[] = fieldsOf(RegisterGatewayDto);

/** A gateway as it is registered: with the configuration that is wanted, also if another one still serves. */
export function exportedGateway(details: GatewayDetails): Exported {
  const { config, pending } = details;
  return picked(toGatewayView({ ...details, config: pending ?? config }), GATEWAY_FIELDS);
}

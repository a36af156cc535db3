import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ClientFormat, FORMATS, type Variable } from './clients/client-format.js';
import { CLIENTS } from './clients/clients.js';
import type { ClientConfiguration } from './configuration.js';

const IDS = CLIENTS.map(({ id }) => id);

class VariableView implements Variable {
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'What it has to hold, in words' }) holds!: string;
}

/** A client that can be configured. */
export class ClientView {
  @ApiProperty({ enum: IDS }) client!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Where its configuration belongs' }) file!: string;
  @ApiProperty({ enum: FORMATS }) format!: ClientFormat['format'];
}

/** The clients that can be configured. */
export class ClientsView {
  @ApiProperty({ type: [ClientView] }) items!: ClientView[];
}

/** The configuration of one client. It contains no secret. */
export class ConfigurationView extends ClientView implements ClientConfiguration {
  @ApiProperty({ description: 'The part of the file that names this virtual server' }) content!: string;
  @ApiPropertyOptional({ description: 'A shell command that writes the same' }) command?: string;
  @ApiProperty({ type: [VariableView] }) variables!: Variable[];
  @ApiProperty({ type: [String], description: 'What to know, above all what the client can not keep out of its file' })
  notes!: string[];
}

/** The list of clients. */
export function toClientsView(): ClientsView {
  return { items: CLIENTS.map(({ id, name, file, format }) => ({ client: id, name, file, format })) };
}

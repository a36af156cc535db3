import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ClientFormat, FORMATS, type Variable } from './clients/client-format.js';
import { CLIENTS } from './clients/clients.js';
import { type ClientConfiguration, type Way, WAYS, waysOf } from './configuration.js';

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

/** A client, and the ways in which it can be configured. */
export class KnownClientView extends ClientView {
  @ApiProperty({ enum: WAYS, isArray: true }) ways!: Way[];
}

/** The clients that can be configured. */
export class ClientsView {
  @ApiProperty({ type: [KnownClientView] }) items!: KnownClientView[];
}

/** The configuration of one client. It contains no secret. */
export class ConfigurationView extends ClientView implements ClientConfiguration {
  @ApiProperty({ enum: WAYS }) way!: Way;
  @ApiProperty({ description: 'The part of the file that names this virtual server' }) content!: string;
  @ApiPropertyOptional({ description: 'A shell command that writes the same' }) command?: string;
  @ApiPropertyOptional({
    description:
      'An address that the client opens to add this virtual server, after it has asked: `vscode:` or `cursor:`. Absent for clients without one, and where the URL of the proxies is not known',
  })
  link?: string;
  @ApiProperty({ type: [VariableView] }) variables!: Variable[];
  @ApiProperty({ type: [String], description: 'What to know, above all what the client can not keep out of its file' })
  notes!: string[];
}

/** The list of clients. */
export function toClientsView(): ClientsView {
  return {
    items: CLIENTS.map((client) => {
      const { id, name, file, format } = client;
      return { client: id, name, file, format, ways: waysOf(client) };
    }),
  };
}

import { MessagingModule, type BusOptions } from '@lethe/messaging';
import { OpsModule, type Logger, type Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Module, type DynamicModule } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from './handshakes/connector-options.js';
import { DoorAddressService } from './door/door-address.service.js';
import { DoorService } from './door/door.service.js';
import { HandshakeReportsService } from './reports/handshake-reports.service.js';
import { withTimeForResults } from './reports/time-for-results.js';
import { HandshakesService } from './handshakes/handshakes.service.js';
import { ProbeUpstreamResponder } from './probes/probe-upstream.responder.js';
import { AnnouncerJob } from './reservations/announcer.job.js';
import { ConnectorIdentity } from './identity/connector-identity.js';
import { ReserveSlotResponder } from './reservations/reserve-slot.responder.js';
import { ReservationsService } from './reservations/reservations.service.js';
import { QueueMembershipJob } from './reservations/queue-membership.job.js';
import { OpenCredentialResponder } from './reservations/open-credential.responder.js';
import { CancelVerificationResponder } from './reservations/cancel-verification.responder.js';
import { SlotsService } from './handshakes/slots.service.js';

/** What the module is built from. */
export interface ConnectorParts {
  settings: Settings;
  options: ConnectorOptions;
  bus: BusOptions;
  trust: Trust;
  logger: Logger;
}

/** Slots, handshakes, their reports, and the plaintext door. */
@Module({})
export class ConnectorModule {
  static forRoot({ settings, options, bus, trust, logger }: ConnectorParts): DynamicModule {
    return {
      module: ConnectorModule,
      imports: [
        OpsModule.forRoot({ service: 'connector', settings, logger }),
        MessagingModule.forRoot(withTimeForResults(bus, settings)),
      ],
      controllers: [ReserveSlotResponder, ProbeUpstreamResponder],
      providers: [
        { provide: CONNECTOR_OPTIONS, useValue: options },
        { provide: Trust, useValue: trust },
        { provide: ConnectorIdentity, useFactory: () => new ConnectorIdentity(trust.connectorSigner()) },
        SlotsService,
        ReservationsService,
        QueueMembershipJob,
        OpenCredentialResponder,
        CancelVerificationResponder,
        HandshakesService,
        HandshakeReportsService,
        AnnouncerJob,
        DoorAddressService,
        DoorService,
      ],
    };
  }
}

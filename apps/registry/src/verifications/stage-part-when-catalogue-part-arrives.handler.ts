import { CataloguePart } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { HandshakeResultsService } from './handshake-results.service.js';

/** Stores a part of a long catalogue until the catalogue is complete. */
@Injectable()
@OnEvent(CataloguePart)
export class StagePartWhenCataloguePartArrives implements EventHandler<CataloguePart> {
  constructor(private readonly results: HandshakeResultsService) {}

  handle = (event: CataloguePart): Promise<void> => this.results.stage(event);
}

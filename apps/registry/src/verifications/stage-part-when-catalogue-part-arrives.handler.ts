import { CataloguePart } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { ResultsService } from './results.service.js';

@Injectable()
@OnEvent(CataloguePart)
export class StagePartWhenCataloguePartArrives implements EventHandler<CataloguePart> {
  constructor(private readonly results: ResultsService) {}

  handle = (event: CataloguePart): Promise<void> => this.results.stage(event);
}

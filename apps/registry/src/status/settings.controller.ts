import { Settings } from '@lethe/platform';
import { Get, Inject } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Requires } from '../admins/requires.js';
import { Operation } from '../rest/operation.js';
import { SettingsView } from './settings.view.js';
import { shownSettings } from './shown-settings.js';

/** The settings that this registry was started with. */
@AdminController('settings', 'status')
export class SettingsController {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  @Get()
  @Operation('listSettings', 'Lists the settings of this registry, without secrets', {
    answer: SettingsView,
    description:
      'They are read once, when the registry starts, and can not be changed here. Of a setting that may contain or lead to a ' +
      'credential, only whether it is set is told. Registries of one deployment may have different ones.',
  })
  @Requires('admin')
  list(): SettingsView {
    return { items: shownSettings(this.settings) };
  }
}

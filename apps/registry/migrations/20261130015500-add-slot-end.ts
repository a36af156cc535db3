import { Migration } from '@mikro-orm/migrations';

/** When the slot of a verification is given back if nothing is sealed for it. The deadline may be later. */
export class AddSlotEnd extends Migration {
  override name = '20261130015500-add-slot-end';

  override up(): void {
    this.addSql(`alter table verification add column slot_ends_at timestamptz(3) null`);
  }
}

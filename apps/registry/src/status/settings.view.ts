import { ApiProperty } from '@nestjs/swagger';

/** One setting of this registry. */
export class SettingView {
  @ApiProperty({ description: 'Its environment variable' }) name!: string;
  @ApiProperty({ description: 'Settings of one group belong together, such as `addresses`' }) group!: string;
  @ApiProperty() description!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    description: 'What is in force, as text; null if it is a secret, or if nothing is set and there is no default',
  })
  value!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Null if there is none, or if it follows from others' })
  default!: string | null;
  @ApiProperty({ description: 'Whether its environment variable is set' }) isSet!: boolean;
  @ApiProperty({ description: 'Whether the default is in force' }) isDefault!: boolean;
  @ApiProperty({ description: 'Whether it may contain or lead to a credential, so that its value is never shown' })
  isSecret!: boolean;
}

/** The settings of this registry. */
export class SettingsView {
  @ApiProperty({ type: [SettingView], description: 'In the order of `.env.example`' }) items!: SettingView[];
}

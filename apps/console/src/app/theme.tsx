import { type ReactNode, useEffect, useState } from 'react';
import { useFormats } from '../text/text.js';
import { APP } from './texts.js';
import styles from './shell.module.css';

const STORED = 'lethe.theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Chooses light, dark or the system's colours; the browser remembers it. */
export function ThemeChoice(): ReactNode {
  const { text } = useFormats();
  const [theme, setTheme] = useState<Theme>(stored);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(STORED, theme);
  }, [theme]);
  const names = { system: APP.themeSystem, light: APP.themeLight, dark: APP.themeDark };
  return (
    <label className={styles['theme']}>
      <span>{text(APP.theme)}</span>
      <select
        value={theme}
        onChange={(event) => setTheme(THEMES.find((each) => each === event.target.value) ?? 'system')}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {text(names[each])}
          </option>
        ))}
      </select>
    </label>
  );
}

function stored(): Theme {
  const value = localStorage.getItem(STORED);
  return THEMES.find((theme) => theme === value) ?? 'system';
}

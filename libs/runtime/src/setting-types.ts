import { z } from 'zod';

/** What the reference page and the error messages say about a setting; the schema itself says what is accepted. */
export interface SettingDescription {
  readonly variable: string;
  readonly description: string;
  /** Completes "must be …". */
  readonly expected: string;
  /** Shown as the default where the schema's own is not readable as text. */
  readonly secret?: true;
}

export const settingDescriptions = z.registry<SettingDescription>();

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const urlOf = (protocol: RegExp) => z.url({ protocol });

/** A list that is empty unless set, read by a function that throws on what it does not understand. */
export const parsedBy = <Value>(parse: (text: string) => Value) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'unreadable' });
      return z.NEVER;
    }
  });

import type { ConfiguredSource } from '../../sources/index.ts'
import type { CurrentSite, Request } from '../site.ts'
import { type SourceField, sourceFields } from '../source-fields.ts'
import { CsrfField } from './csrf-field.tsx'

export type SourceFormProps = {
  request: Request
  site: CurrentSite
  kind: string
  /** What stands in the fields: the source as it is, or what somebody typed. */
  values: Record<string, unknown>
  isNew: boolean
}

/** One form for a source of any kind: the fields of the kind, then those of every source. */
export function SourceForm({ request, site, kind, values, isNew }: SourceFormProps) {
  const id = (name: string) => `${isNew ? `new-${kind}` : values.name}-${name}`
  const text = (name: string) => {
    const value = values[name]
    return Array.isArray(value) ? value.join('\n') : value === undefined || value === null ? '' : String(value)
  }
  return (
    <form class="settings source" action="/admin/sources" method="post">
      <CsrfField request={request} site={site} />
      <input type="hidden" name="kind" value={kind} />
      {isNew ? (
        <div class="field">
          <label for={id('name')}>Short name</label>
          <input
            id={id('name')}
            name="name"
            value={text('name')}
            required
            pattern="[a-z0-9][a-z0-9-]*"
            maxlength={40}
            autocomplete="off"
            aria-describedby={`${id('name')}-about`}
          />
          <p class="note" id={`${id('name')}-about`}>
            Small letters, digits and hyphens; it stays.
          </p>
        </div>
      ) : (
        <input type="hidden" name="name" value={text('name')} />
      )}
      {(sourceFields[kind]?.fields ?? []).map((field) => (
        <KindField field={field} id={id(field.name)} value={text(field.name)} />
      ))}
      <div class="field">
        <label for={id('title')}>Title</label>
        <input id={id('title')} name="title" value={text('title')} maxlength={80} autocomplete="off" />
      </div>
      <div class="field">
        <label for={id('everyHours')}>Asked every … hours</label>
        <input
          id={id('everyHours')}
          name="everyHours"
          value={text('everyHours')}
          inputmode="decimal"
          autocomplete="off"
        />
      </div>
      <div class="field">
        <label for={id('filters')}>Filters</label>
        <textarea id={id('filters')} name="filters" rows={3} aria-describedby={`${id('filters')}-about`}>
          {text('filters')}
        </textarea>
        <p class="note" id={`${id('filters')}-about`}>
          One a line: <code>language model*</code>, <code>cat:cs.CL</code>, <code>author:"Ada Byron"</code>; with a
          minus in front to leave papers out.
        </p>
      </div>
      <p class="ticks">
        <label>
          <input type="checkbox" name="edition" value="yes" checked={values.edition !== false} /> Its new papers come
          into the edition of the day
        </label>
        <label>
          <input type="checkbox" name="enabled" value="yes" checked={values.enabled !== false} /> Switched on
        </label>
      </p>
      <p>
        <button class="strong" type="submit">
          {isNew ? 'Add' : 'Save'}
        </button>
      </p>
    </form>
  )
}

function KindField({ field, id, value }: { field: SourceField; id: string; value: string }) {
  const about = `${id}-about`
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.type === 'choice' ? (
        <select id={id} name={field.name} aria-describedby={about}>
          {(field.choices ?? []).map((choice) => (
            <option value={choice} selected={choice === value}>
              {choice}
            </option>
          ))}
        </select>
      ) : field.type === 'lines' ? (
        <textarea id={id} name={field.name} rows={3} placeholder={field.placeholder} aria-describedby={about}>
          {value}
        </textarea>
      ) : (
        <input
          id={id}
          name={field.name}
          type={field.type}
          value={value}
          placeholder={field.placeholder}
          autocomplete="off"
          aria-describedby={about}
        />
      )}
      <p class="note" id={about}>
        {field.about}
      </p>
    </div>
  )
}

/** A source as the flat object that the form shows. */
export const valuesOf = ({ settings, ...common }: ConfiguredSource): Record<string, unknown> => ({
  ...common,
  ...(settings as object),
})

import type { Artifact } from '../../sources/index.ts'

/** Models and datasets elsewhere whose cards name this paper. */
export function Artifacts({ of }: { of: readonly Artifact[] }) {
  if (of.length === 0) return null
  return (
    <div class="related">
      <b>Models and datasets</b>
      <ul>
        {of.map(({ kind, name, likes }) => (
          <li>
            <a href={`https://huggingface.co/${kind === 'dataset' ? 'datasets/' : ''}${name}`} rel="nofollow">
              {name}
            </a>{' '}
            <span class="note">
              {kind}
              {likes > 0 && `, ${likes.toLocaleString('en')} ${likes === 1 ? 'like' : 'likes'}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

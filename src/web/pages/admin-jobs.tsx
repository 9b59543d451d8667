import { AppError } from '../../errors.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant } from '../parts/dates.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { JobReport, Page } from '../site.ts'

/** `/admin/jobs`: what runs by itself, when it last did, and what went wrong. */
export const jobsPage: Page = async (request, site) => {
  const jobs = await site.jobs.list()
  return adminPage(
    request,
    site,
    { title: 'Jobs', intro: 'What runs by itself, and whether it did', path: '/admin/jobs' },
    jobs.length === 0 ? (
      <p class="notice">No worker has put its jobs on the schedule yet.</p>
    ) : (
      <ul class="rows jobs">
        {jobs.map((job) => (
          <li>
            <div>
              <b>{job.name}</b> <StateMark job={job} />
              <p class="note">{job.about}</p>
              <p class="note">
                {job.succeededAt ? `Last done ${instant(job.succeededAt)}` : 'Never done yet'}
                {job.state === 'waiting' ? `, next ${instant(job.runAfter)}` : ''}
                {job.attempts > 1 ? `, ${job.attempts} tries so far` : ''}
              </p>
              {job.lastResult && (
                <details>
                  <summary>Last result</summary>
                  <pre tabindex={0}>{job.lastResult}</pre>
                </details>
              )}
              {job.lastError && <p class="problem">{job.lastError}</p>}
            </div>
            <form class="inline" action="/admin/jobs" method="post">
              <CsrfField request={request} site={site} />
              <input type="hidden" name="job" value={job.name} />
              <button type="submit" aria-label={`Run now: ${job.name}`}>
                Run now
              </button>
            </form>
          </li>
        ))}
      </ul>
    ),
  )
}

function StateMark({ job }: { job: JobReport }) {
  if (job.state === 'failed') return <span class="mark withdrawn">gave up</span>
  if (job.lastError) return <span class="mark withdrawn">failed, tries again</span>
  if (job.state === 'running') return <span class="mark new">running</span>
  return null
}

/** `POST /admin/jobs`: puts a job of the schedule at the head of the queue. Logged; it cannot be undone. */
export const runJobAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const name = textField(await readForm(request), 'job')
  const isKnown = (await site.jobs.list()).some((job) => job.name === name)
  if (!isKnown) throw new AppError('not_found', `There is no job "${name.slice(0, 60)}".`)
  await site.jobs.run(name, viewer.personId)
  return redirect('/admin/jobs?done=started', 303)
}

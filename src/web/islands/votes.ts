// Reason to exist: without it a vote is a form and a page; with it the button answers at once and the reader stays.

/** What the server last said of a paper, what the reader wants, and whether a request is on its way. */
type Vote = { upvotes: number; voted: boolean; wanted: boolean; busy: boolean }

const votes = new Map<string, Vote>()
/** Long enough to read the longest sentence twice. */
const TOAST_MS = 9_000
let hiding: number | undefined

export function installVotes(): void {
  const form = document.querySelector<HTMLFormElement>('form#votes[method="post"]')
  form?.addEventListener('submit', (event) => {
    const button = (event as SubmitEvent).submitter
    if (!(button instanceof HTMLButtonElement)) return
    event.preventDefault()
    const vote = voteOf(button)
    vote.wanted = !vote.wanted
    if (vote.busy) show(button.value, vote)
    else void send(form, button.value, vote)
  })
}

function voteOf(button: HTMLButtonElement): Vote {
  let vote = votes.get(button.value)
  if (!vote) {
    const voted = button.getAttribute('aria-pressed') === 'true'
    const upvotes = Number(button.querySelector('b')?.textContent)
    vote = { upvotes, voted, wanted: voted, busy: false }
    votes.set(button.value, vote)
  }
  return vote
}

/** Sends until the server has what the reader wants: quick clicks become one request, or none. */
async function send(form: HTMLFormElement, id: string, vote: Vote): Promise<void> {
  vote.busy = true
  show(id, vote)
  let problem: string | undefined
  while (problem === undefined && vote.wanted !== vote.voted) problem = await sendOnce(form, id, vote)
  vote.busy = false
  if (problem !== undefined) vote.wanted = vote.voted
  show(id, vote)
  if (problem !== undefined) say(problem, true)
}

/** Returns what went wrong, if anything did. */
async function sendOnce(form: HTMLFormElement, id: string, vote: Vote): Promise<string | undefined> {
  const body = new URLSearchParams({ [vote.wanted ? 'paper' : 'withdraw']: id })
  const token = form.querySelector<HTMLInputElement>('input[name="csrf"]')?.value
  if (token) body.set('csrf', token)
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
      // Who votes and goes on at once has voted.
      keepalive: true,
    })
    const said = (await answer.json()) as { upvotes: number; voted: boolean; counts: boolean; error?: string }
    if (answer.status === 401)
      location.assign(`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`)
    if (!answer.ok) return said.error ?? 'Your upvote was not saved. Try again.'
    vote.upvotes = said.upvotes
    vote.voted = said.voted
    show(id, vote)
    const count = `${said.upvotes} ${said.upvotes === 1 ? 'upvote' : 'upvotes'}`
    if (said.voted && !said.counts) say('Your upvote is kept, and counts once your address is confirmed.', true)
    else say(`${said.voted ? 'Upvoted' : 'Upvote taken back'}: ${count}.`, false)
    return undefined
  } catch {
    // No connection, or an answer that is not ours: the reader is told, the button goes back.
    return 'Your upvote was not saved: the site cannot be reached. Try again.'
  }
}

/** Every button of the paper shows what the reader wants, before the server has answered too. */
function show(id: string, { upvotes, voted, wanted, busy }: Vote): void {
  const shown = upvotes + Number(wanted) - Number(voted)
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.vote')) {
    if (button.value !== id) continue
    button.name = wanted ? 'withdraw' : 'paper'
    button.title = wanted ? 'Take your upvote back' : 'Upvote'
    button.setAttribute('aria-pressed', String(wanted))
    button.setAttribute('aria-label', `${shown} ${shown === 1 ? 'upvote' : 'upvotes'}: upvote`)
    button.toggleAttribute('data-busy', busy)
    const count = button.querySelector('b')
    if (count) count.textContent = String(shown)
  }
}

/** Tells screen readers; `visibly` everybody. */
function say(text: string, visibly: boolean): void {
  let status = document.querySelector<HTMLElement>('#said')
  if (!status) {
    status = document.createElement('p')
    status.id = 'said'
    status.setAttribute('role', 'status')
    document.body.append(status)
  }
  status.className = visibly ? 'toast' : 'unseen'
  // A region that appears with its text is not read: the text comes a moment later.
  const region = status
  setTimeout(() => {
    region.textContent = text
  }, 50)
  clearTimeout(hiding)
  hiding = window.setTimeout(() => {
    region.className = 'unseen'
  }, TOAST_MS)
}

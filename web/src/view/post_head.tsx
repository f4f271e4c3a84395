import type { PostMeta } from '../wire/content_meta'
import { durationText } from '../words/numbers'
import { useWords } from './context'

/** The post's title, author and description. */
export function PostHead({ post }: { post: PostMeta }) {
    const words = useWords()
    const { heading, text } = headingOf(post)
    const facts = [post.author && `@${post.author}`, post.duration && durationText(post.duration)].filter(Boolean)
    return (
        <header class="post-head">
            <h2 id="post-title" dir="auto">
                {heading || words.untitled}
            </h2>
            {facts.length > 0 && <p class="hint">{facts.join(' · ')}</p>}
            {text && (
                <p class="description" dir="auto" tabIndex={0} role="group" aria-labelledby="post-title">
                    {text}
                </p>
            )}
        </header>
    )
}

/** Longer ones are no headings. */
const maxHeadingLength = 160

/** yt-dlp makes a post's title of the beginning of its description: said once, as a heading if it is short enough. */
export function headingOf({ title, description }: PostMeta): { heading: string; text: string } {
    const beginning = title.replace(/\s*(\.\.\.|…)$/, '')
    if (!description.startsWith(beginning)) return { heading: title, text: description }
    return description.length <= maxHeadingLength
        ? { heading: description, text: '' }
        : { heading: title, text: description }
}

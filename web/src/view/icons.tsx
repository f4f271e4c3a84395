/** Line drawings beside words; none of them says anything that the words do not. */

function Icon({ path }: { path: string }) {
    return (
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path
                d={path}
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
        </svg>
    )
}

export const SaveIcon = () => <Icon path="M12 4v11m-5-5 5 5 5-5M5 20h14" />
export const PasteIcon = () => <Icon path="M9 4h6v3H9zM9 5H6v15h12V5h-3M9 12h6m-6 4h4" />
export const CloseIcon = () => <Icon path="M6 6l12 12M18 6 6 18" />
export const BackIcon = () => <Icon path="M15 5l-7 7 7 7" />
export const ForthIcon = () => <Icon path="M9 5l7 7-7 7" />
export const RetryIcon = () => <Icon path="M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5" />
export const ShareIcon = () => <Icon path="M12 15V4m-4 4 4-4 4 4M6 11H5v9h14v-9h-1" />
export const BoxIcon = () => <Icon path="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8" />

export function Logo() {
    return (
        <svg class="logo" viewBox="0 0 64 64" width="44" height="44" aria-hidden="true" focusable="false">
            <rect class="logo-ground" width="64" height="64" rx="15" />
            <path class="logo-arrow" d="M32 13v24m-11-10 11 11 11-11" />
            <path class="logo-shelf" d="M17 50h30" />
        </svg>
    )
}

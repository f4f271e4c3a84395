// The package has no types. What docs.ts uses of it, by its documentation's pages "Configuration" and "Plugin API".
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
    /** What a response's body is shown by, among other things. */
    interface ShownBody {
        contentType: string | undefined
    }
    type Component = (shown: ShownBody) => unknown

    interface System {
        React: { createElement(component: Component, shown: ShownBody): unknown }
    }

    export type Plugin = (system: System) => {
        wrapComponents: { responseBody(original: Component): Component }
    }

    interface Options {
        url: string
        dom_id: string
        deepLinking?: boolean
        displayRequestDuration?: boolean
        plugins?: Plugin[]
        validatorUrl?: string | null
    }

    export default function SwaggerUI(options: Options): unknown
}

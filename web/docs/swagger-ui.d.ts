// The package has no types. What docs.ts uses of it, by https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
    interface Options {
        url: string
        dom_id: string
        deepLinking?: boolean
        displayRequestDuration?: boolean
        validatorUrl?: string | null
    }
    export default function SwaggerUI(options: Options): unknown
}

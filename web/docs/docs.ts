// The documentation: Swagger UI shows what the server says of itself. All of it is bundled here, and none of it into the
// page for people.
import SwaggerUI, { type Plugin } from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'

/** A post's files are to be saved. By default Swagger UI shows them as if they were a long text, and takes minutes. */
const filesAreSaved: Plugin = ({ React }) => ({
    wrapComponents: {
        responseBody: (Original) => (shown) => {
            const isFiles = shown.contentType?.startsWith('multipart/')
            return React.createElement(Original, isFiles ? { ...shown, contentType: 'application/octet-stream' } : shown)
        },
    },
})

SwaggerUI({
    // Beside /docs, also below a reverse proxy's prefix.
    url: 'openapi.json',
    dom_id: '#documentation',
    deepLinking: true,
    displayRequestDuration: true,
    plugins: [filesAreSaved],
    // By default it asks a server elsewhere whether the document is valid.
    validatorUrl: null,
})

// The documentation: Swagger UI shows what the server says of itself. All of it is bundled here, and none of it into the
// page for people.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'

SwaggerUI({
    // Beside /docs, also below a reverse proxy's prefix.
    url: 'openapi.json',
    dom_id: '#documentation',
    deepLinking: true,
    displayRequestDuration: true,
    // By default it asks a server elsewhere whether the document is valid.
    validatorUrl: null,
})

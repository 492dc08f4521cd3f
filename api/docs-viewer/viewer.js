// The page shows one document, which is compiled in, and Swagger UI passes its Markdown through DOMPurify. Nothing else on
// this page, and nothing at all in the console, makes HTML of text.
window.trustedTypes?.createPolicy('default', { createHTML: (html) => html });

// No validator and no other host: the page must work on a machine that reaches nothing.
window.SwaggerUIBundle({
  url: '/api/openapi.yaml',
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
});

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

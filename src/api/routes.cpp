#include "api/routes.h"

#include "api/context.h"
#include "base/embedded.h"

TOCSIN_EMBEDDED(openapi)

namespace tocsin::api {

void register_routes(http::Router& router, Services& services, LiveHub& live, Site site) {
  const ContextPtr context(
      new Context{services, live, std::move(site), EventDesk(services), ThreatMetrics(services.store)});
  add_ingest_routes(router, context);
  add_mapping_routes(router, context);
  add_upload_routes(router, context);
  add_alert_routes(router, context);
  add_event_routes(router, context);
  add_incident_routes(router, context);
  add_incident_bulk_routes(router, context);
  add_incident_view_routes(router, context);
  add_incident_story_routes(router, context);
  add_playbook_routes(router, context);
  add_incident_query_routes(router, context);
  add_checklist_routes(router, context);
  add_note_routes(router, context);
  add_alert_export_routes(router, context);
  add_intel_routes(router, context);
  add_inventory_routes(router, context);
  add_enrichment_routes(router, context);
  add_sharing_routes(router, context);
  add_feedback_routes(router, context);
  add_operation_routes(router, context);
  add_source_routes(router, context);
  add_dead_letter_routes(router, context);
  add_job_routes(router, context);
  add_reference_routes(router, context);
  add_query_routes(router, context);
  add_view_routes(router, context);
  add_page_routes(router, context);
}

std::string_view openapi_document() {
  return embedded_openapi();
}

}  // namespace tocsin::api

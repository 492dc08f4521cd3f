#include "api/routes.h"

#include "api/context.h"
#include "api/routes/auto_close.h"
#include "api/routes/case_data.h"
#include "api/routes/sla.h"
#include "api/routes/suppressions.h"
#include "api/tenant_feeds.h"
#include "base/embedded.h"

TOCSIN_EMBEDDED(openapi)

namespace tocsin::api {

Feeds register_routes(http::Router& router, Services& services, LiveHub& live, Site site) {
  return register_routes(
      router,
      [&](store::TenantId tenant) -> Result<Desk> {
        if (tenant != store::kDefaultTenant)
          return error(ErrorKind::kNotFound, "find tenant", "there is no such tenant");
        return Desk{&services, &live};
      },
      std::move(site));
}

Feeds register_routes(http::Router& router, DeskFinder find_desk, Site site) {
  const auto contexts = std::make_shared<Contexts>(std::move(find_desk), std::move(site));
  add_ingest_routes(router, contexts);
  add_webhook_routes(router, contexts);
  add_mapping_routes(router, contexts);
  add_upload_routes(router, contexts);
  add_alert_routes(router, contexts);
  add_event_routes(router, contexts);
  add_rule_state_routes(router, contexts);
  add_rule_routes(router, contexts);
  add_incident_routes(router, contexts);
  add_incident_bulk_routes(router, contexts);
  add_incident_view_routes(router, contexts);
  add_incident_story_routes(router, contexts);
  add_playbook_routes(router, contexts);
  add_incident_query_routes(router, contexts);
  add_checklist_routes(router, contexts);
  add_note_routes(router, contexts);
  add_alert_export_routes(router, contexts);
  add_intel_routes(router, contexts);
  add_inventory_routes(router, contexts);
  add_enrichment_routes(router, contexts);
  add_retention_routes(router, contexts);
  add_sharing_routes(router, contexts);
  add_feedback_routes(router, contexts);
  add_auto_close_routes(router, contexts);
  add_measure_routes(router, contexts);
  add_noise_routes(router, contexts);
  add_suppression_routes(router, contexts);
  add_case_data_routes(router, contexts);
  add_sla_routes(router, contexts);
  add_operation_routes(router, contexts);
  add_source_routes(router, contexts);
  add_source_trust_routes(router, contexts);
  add_dead_letter_routes(router, contexts);
  add_job_routes(router, contexts);
  add_audit_routes(router, contexts);
  add_reference_routes(router, contexts);
  add_query_routes(router, contexts);
  add_view_routes(router, contexts);
  add_session_routes(router, contexts);
  add_oidc_routes(router, contexts);
  add_access_routes(router, contexts);
  add_key_routes(router, contexts);
  add_page_routes(router, contexts);
  (void)contexts->of_tenant(store::kDefaultTenant);  // made before anybody waits for it
  return tenant_feeds(contexts);
}

std::string_view openapi_document() {
  return embedded_openapi();
}

}  // namespace tocsin::api

#pragma once
// What deployment and build tools post when something was changed, as changes. One function a tool in
// changes.cpp; recognised by shape, as their senders cannot be told what to say. Pure.
//
//   GitHub (deployment_status, release, workflow_run), GitLab (Deployment, Pipeline, Release hooks), Jenkins
//   (Notification plugin), Argo CD (an Application), Azure DevOps (service hooks), HCP Terraform
//   (notifications), PagerDuty change events, CDEvents

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/change.h"

namespace tocsin::ingest {

struct ToldChange {
  std::string_view tool;  // "github"
  std::optional<model::Change>
      change;  // absent: of a step that changes nothing yet (queued, running, a ping)
};

// kInvalidSyntax with the byte; kInvalidInput when no tool is recognised. Ids and told_by are left empty, and
// the time is `now` where the payload has none or one that lies ahead.
Result<ToldChange> read_change(std::string_view body, Timestamp now);

}  // namespace tocsin::ingest

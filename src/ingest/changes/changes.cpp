#include "ingest/changes/changes.h"

#include <algorithm>
#include <array>

#include "ingest/ioc.h"
#include "ingest/json.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::Change;

constexpr std::size_t kMaxDepth = 64;

std::string bounded(std::string_view text, std::size_t most) {
  text = trim(text);
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most));
}

// A change while it is read.
class Draft {
 public:
  Draft(std::string_view kind, Timestamp now) : now_(now) {
    change_.kind = kind;
    change_.at = now;
  }
  Draft& at(const Node& time) {
    const auto read = read_time(time);
    if (read && *read <= now_) change_.at = *read;
    return *this;
  }
  Draft& by(const Node& name) {
    if (change_.made_by.empty()) change_.made_by = bounded(name.scalar(), model::kMaxChangeNameBytes);
    return *this;
  }
  Draft& resource(const Node& name) { return resource(name.scalar()); }
  Draft& resource(std::string_view name) {
    auto& all = change_.resources;
    auto text = bounded(name, model::kMaxChangeNameBytes);
    const bool fits = !text.empty() && all.size() < model::kMaxChangeResources;
    if (fits && std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
    return *this;
  }
  // "owner/name" is a repository; machines and services are called by its last part.
  Draft& repository(const Node& full_name) {
    const auto text = full_name.scalar();
    resource(text);
    const auto slash = text.rfind('/');
    return slash == text.npos ? *this : resource(std::string_view(text).substr(slash + 1));
  }
  Draft& says(std::initializer_list<std::string> parts) {
    std::string text;
    for (const auto& part : parts) {
      if (part.empty()) continue;
      if (!text.empty()) text += ' ';
      text += part;
    }
    change_.summary = bounded(text, model::kMaxChangeText);
    return *this;
  }
  Draft& failed(bool yes) {
    change_.failed = yes;
    return *this;
  }
  Change take() { return std::move(change_); }

 private:
  Change change_;
  Timestamp now_;
};

using Told = std::optional<Change>;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto one) { return equal_ignoring_case(one, word); });
}

// ---- GitHub

bool is_github(const Node& body) {
  return body["repository"]["full_name"].is_string() &&
         (body["deployment"].is_object() || body["release"].is_object() || body["workflow_run"].is_object() ||
          body["zen"].is_string());
}

Told read_github(const Node& body, Timestamp now) {
  const auto repository = body["repository"]["full_name"];
  if (const auto status = body["deployment_status"]; status.is_object()) {
    const auto state = status["state"].scalar();
    if (!is_one_of(state, {"success", "failure", "error"})) return std::nullopt;
    const auto deployment = body["deployment"];
    return Draft("deployment", now)
        .at(status.any({"updated_at", "created_at"}))
        .by(deployment["creator"]["login"])
        .by(body["sender"]["login"])
        .repository(repository)
        .resource(deployment.any({"environment"}))
        .resource(url_host(status.any({"environment_url", "target_url"}).scalar()))
        .failed(state != "success")
        .says({repository.scalar(), deployment["ref"].scalar(), "to", deployment["environment"].scalar()})
        .take();
  }
  if (const auto release = body["release"]; release.is_object()) {
    if (!is_one_of(body["action"].scalar(), {"published", "released"})) return std::nullopt;
    return Draft("release", now)
        .at(release.any({"published_at", "created_at"}))
        .by(release["author"]["login"])
        .repository(repository)
        .says({repository.scalar(), release.any({"name", "tag_name"}).scalar()})
        .take();
  }
  const auto run = body["workflow_run"];
  if (!run.is_object() || body["action"].scalar() != "completed") return std::nullopt;
  return Draft("pipeline", now)
      .at(run.any({"updated_at", "created_at"}))
      .by(run["actor"]["login"])
      .repository(repository)
      .failed(run["conclusion"].scalar() != "success")
      .says({repository.scalar(), run["name"].scalar(), run["head_branch"].scalar(),
             run["conclusion"].scalar()})
      .take();
}

// ---- GitLab

bool is_gitlab(const Node& body) {
  return is_one_of(body["object_kind"].scalar(), {"deployment", "pipeline", "release"});
}

Told read_gitlab(const Node& body, Timestamp now) {
  const auto kind = body["object_kind"].scalar();
  const auto project = body["project"]["path_with_namespace"];
  if (kind == "release") {
    if (body["action"].scalar() != "create") return std::nullopt;
    return Draft("release", now)
        .at(body.any({"released_at", "created_at"}))
        .repository(project)
        .says({project.scalar(), body.any({"name", "tag"}).scalar()})
        .take();
  }
  const auto of = kind == "pipeline" ? body["object_attributes"] : body;
  const auto status = of["status"].scalar();
  if (!is_one_of(status, {"success", "failed"})) return std::nullopt;
  return Draft(kind == "pipeline" ? "pipeline" : "deployment", now)
      .at(of.any({"finished_at", "status_changed_at"}))
      .by(body["user"].any({"username", "name"}))
      .repository(project)
      .resource(of["environment"])
      .resource(url_host(of["environment_external_url"].scalar()))
      .failed(status == "failed")
      .says({project.scalar(), of["ref"].scalar(), of["environment"].scalar(),
             body.any({"commit_title"}).scalar()})
      .take();
}

// ---- Jenkins

bool is_jenkins(const Node& body) {
  return body["build"]["phase"].is_string() && body["name"].is_string();
}

Told read_jenkins(const Node& body, Timestamp now) {
  const auto build = body["build"];
  if (!is_one_of(build["phase"].scalar(), {"COMPLETED", "FINALIZED"})) return std::nullopt;
  return Draft("pipeline", now)
      .at(build["timestamp"])
      .resource(body["name"])
      .resource(build["parameters"].any({"host", "HOST", "target", "TARGET", "environment", "ENVIRONMENT"}))
      .resource(url_host(build["scm"]["url"].scalar()))
      .failed(build["status"].scalar() != "SUCCESS")
      .says({body.any({"display_name", "name"}).scalar(), "#" + build["number"].scalar(),
             build["status"].scalar()})
      .take();
}

// ---- Argo CD

Node argo_app(const Node& body) {
  return body["app"].is_object() ? body["app"] : body;
}

bool is_argo_cd(const Node& body) {
  const auto app = argo_app(body);
  return app["status"]["operationState"].is_object() && app["metadata"]["name"].is_string();
}

Told read_argo_cd(const Node& body, Timestamp now) {
  const auto app = argo_app(body);
  const auto state = app["status"]["operationState"];
  const auto phase = state["phase"].scalar();
  if (!is_one_of(phase, {"Succeeded", "Failed", "Error"})) return std::nullopt;
  const auto destination = app["spec"]["destination"];
  return Draft("deployment", now)
      .at(state.any({"finishedAt", "startedAt"}))
      .by(state["operation"]["initiatedBy"]["username"])
      .resource(app["metadata"]["name"])
      .resource(destination["namespace"])
      .resource(destination.any({"name"}))
      .resource(url_host(destination["server"].scalar()))
      .failed(phase != "Succeeded")
      .says({app["metadata"]["name"].scalar(), "synced to", state["syncResult"]["revision"].scalar()})
      .take();
}

// ---- Azure DevOps

bool is_azure_devops(const Node& body) {
  return body["eventType"].is_string() && body["publisherId"].is_string() && body["resource"].is_object();
}

Told read_azure_devops(const Node& body, Timestamp now) {
  const auto type = body["eventType"].scalar();
  const bool release = type == "ms.vss-release.deployment-completed-event";
  if (!release && type != "build.complete") return std::nullopt;
  const auto resource = body["resource"];
  const auto environment = resource["environment"];
  const auto status = release ? environment["status"].scalar() : resource.any({"result", "status"}).scalar();
  return Draft(release ? "deployment" : "pipeline", now)
      .at(resource.any({"finishTime", "completedOn"}))
      .at(body["createdDate"])
      .by(resource["requestedFor"].any({"uniqueName", "displayName"}))
      .by(resource["deployment"]["requestedBy"].any({"uniqueName", "displayName"}))
      .resource(resource["definition"]["name"])
      .resource(environment["name"])
      .resource(resource["project"]["name"])
      .failed(!is_one_of(status, {"succeeded"}))
      .says({body["message"]["text"].scalar()})
      .take();
}

// ---- HCP Terraform

bool is_terraform(const Node& body) {
  return body["workspace_name"].is_string() && body["run_id"].is_string() && body["notifications"].is_array();
}

Told read_terraform(const Node& body, Timestamp now) {
  const auto last = body["notifications"].at(0);
  const auto status = last["run_status"].scalar();
  if (!is_one_of(status, {"applied", "errored"})) return std::nullopt;
  return Draft("infrastructure", now)
      .at(last["run_updated_at"])
      .by(last["run_updated_by"])
      .by(body["run_created_by"])
      .resource(body["workspace_name"])
      .failed(status == "errored")
      .says({body["organization_name"].scalar() + "/" + body["workspace_name"].scalar(), status,
             body["run_message"].scalar()})
      .take();
}

// ---- PagerDuty change events (Events API v2)

bool is_pagerduty(const Node& body) {
  return body["routing_key"].is_string() && body["payload"]["summary"].is_string();
}

Told read_pagerduty(const Node& body, Timestamp now) {
  const auto payload = body["payload"];
  const auto details = payload["custom_details"];
  return Draft("change", now)
      .at(payload["timestamp"])
      .resource(payload["source"])
      .resource(details.any({"host", "service", "environment"}))
      .by(details.any({"user", "author"}))
      .says({payload["summary"].scalar()})
      .take();
}

// ---- CDEvents

bool is_cdevents(const Node& body) {
  return body["context"]["type"].text().starts_with("dev.cdevents.");
}

Told read_cdevents(const Node& body, Timestamp now) {
  const auto type = body["context"]["type"].scalar();
  const auto has = [&](std::string_view part) { return type.find(part) != type.npos; };
  const bool service = has(".service.deployed") || has(".service.upgraded") || has(".service.rolledback") ||
                       has(".service.removed");
  if (!service && !has(".environment.modified") && !has(".pipelinerun.finished")) return std::nullopt;
  const auto content = body["subject"]["content"];
  return Draft(service              ? "deployment"
               : has("pipelinerun") ? "pipeline"
                                    : "infrastructure",
               now)
      .at(body["context"]["timestamp"])
      .resource(body["subject"]["id"])
      .resource(content["environment"]["id"])
      .resource(content.any({"pipelineName", "name"}))
      .failed(is_one_of(content["outcome"].scalar(), {"failure", "failed", "error"}))
      .says({type.substr(std::string_view("dev.cdevents.").size()), body["subject"]["id"].scalar(),
             content["artifactId"].scalar()})
      .take();
}

struct Tool {
  std::string_view name;
  bool (*recognises)(const Node&);
  Told (*read)(const Node&, Timestamp);
};
constexpr auto kTools = std::to_array<Tool>({
    {"github", is_github, read_github},
    {"gitlab", is_gitlab, read_gitlab},
    {"jenkins", is_jenkins, read_jenkins},
    {"argo-cd", is_argo_cd, read_argo_cd},
    {"azure-devops", is_azure_devops, read_azure_devops},
    {"terraform", is_terraform, read_terraform},
    {"pagerduty", is_pagerduty, read_pagerduty},
    {"cdevents", is_cdevents, read_cdevents},
});

}  // namespace

Result<ToldChange> read_change(std::string_view body, Timestamp now) {
  TOCSIN_TRY(json, ParsedJson::parse(body, kMaxDepth));
  const auto root = json.root();
  const auto* const tool =
      std::find_if(kTools.begin(), kTools.end(), [&](const Tool& one) { return one.recognises(root); });
  if (tool == kTools.end()) {
    std::string names;
    for (const auto& one : kTools) names += (names.empty() ? "" : ", ") + std::string(one.name);
    return error(ErrorKind::kInvalidInput, "read a change", "no tool writes a change in this shape",
                 "Known are " + names + "; anything else can be sent to /api/v1/changes");
  }
  return ToldChange{tool->name, tool->read(root, now)};
}

}  // namespace tocsin::ingest

#pragma once
// Who may do what: the one table of roles and verbs (docs/security/roles.md shows the same table), and the
// caller that a request was found to come from.
//
// Each operation of api/openapi.yaml names its verb (`x-verb`); the server refuses a caller whose role has it
// not. Plain values; pure.

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::model {

enum class Role : std::uint8_t {
  kViewer,
  kResponder,
  kAnalyst,
  kSenior,
  kTenantAdmin,
  kAdmin,    // of the installation: of every tenant, and of the tenants themselves
  kAuditor,  // reads everything, the audit log too, and changes nothing
  kIngest,   // no person: hands in alerts, and cannot read one
};
constexpr std::size_t kRoles = 8;

enum class Verb : std::uint8_t {
  kPublic,           // needs no sign-in
  kOwnAccount,       // what is one's own: session, password, second factor
  kAlertsIngest,     // hand in alerts, events and files
  kAlertsRead,       // alerts, incidents, entities, queries, figures
  kAlertsTriage,     // status, assignee, notes, checklist
  kAlertsDecide,     // verdict, closing, priority, tags, feedback; bulk
  kIncidentsShape,   // merge, split, open, rebuild
  kResponseApprove,  // approve or deny an action of a plan
  kViewsShare,       // views that others see too
  kRecordsExport,    // alerts and incidents as files
  kKnowledgeRead,    // assets, directory users, lists, sources
  kKnowledgeWrite,
  kFaultsRead,  // dead letters and jobs: raw deliveries
  kFaultsRepair,
  kMetricsRead,  // Prometheus
  kDemo,         // sample data
  kSettingsRead,
  kSettingsWrite,
  kPeopleRead,
  kPeopleWrite,  // people, roles, keys of the tenant
  kAuditRead,
  kTenantsRead,
  kTenantsWrite,
};
constexpr std::size_t kVerbs = 23;

using VerbSet = std::bitset<kVerbs>;

struct RoleInfo {
  Role role;
  std::string_view name;
  std::string_view meaning;
};
struct VerbInfo {
  Verb verb;
  std::string_view name;
  std::string_view meaning;
  std::uint8_t roles;  // bit 1 << Role
};
const std::array<RoleInfo, kRoles>& role_table();  // in the order of Role
const std::array<VerbInfo, kVerbs>& verb_table();  // in the order of Verb

VerbSet verbs_of(Role role);
// What a scope can divide: reading alerts and incidents, and working on them. Whoever has a scope has no
// other verb, whatever their role: raw deliveries, settings and the joining of alerts are the whole tenant's.
VerbSet verbs_in_scope();
// Whether a grant or key of that role can have a scope.
bool can_have_scope(Role role);
std::string_view to_text(Role role);
std::string_view to_text(Verb verb);
std::optional<Role> parse_role(std::string_view name);
std::optional<Verb> parse_verb(std::string_view name);

// Which alerts of a tenant; an empty list allows all. Both must hold.
struct AlertScope {
  std::vector<std::string> sources;
  std::vector<std::string> asset_groups;  // departments, zones and tags of the asset table
  bool is_everything() const { return sources.empty() && asset_groups.empty(); }
  auto operator<=>(const AlertScope&) const = default;
};

// Who a request comes from, and what is theirs to do in the tenant they work in.
struct Principal {
  enum class Kind : std::uint8_t { kLocal, kPerson, kKey };
  Kind kind = Kind::kLocal;
  std::string id;         // "PE-…", "KY-…"; empty in open mode
  std::string name;       // sign-in name or the key's name
  std::string session{};  // "SE-…" of a person
  std::int64_t tenant = 1;
  std::string tenant_name{};
  Role role = Role::kViewer;
  VerbSet verbs{};
  AlertScope scope{};
  std::string source{};  // of an ingest token that is for one source
  bool may(Verb verb) const { return verbs.test(static_cast<std::size_t>(verb)); }
};
using PrincipalPtr = std::shared_ptr<const Principal>;

// Whoever reaches a loopback port while no person is known.
PrincipalPtr local_admin();

// docs/security/roles.md's table.
std::string roles_markdown();

}  // namespace tocsin::model

#include "model/access.h"

#include <algorithm>

namespace tocsin::model {
namespace {

constexpr std::uint8_t bit(Role role) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role));
}
template <class... Roles>
constexpr std::uint8_t roles(Roles... some) {
  return static_cast<std::uint8_t>((0U | ... | bit(some)));
}

constexpr auto kAdmins = roles(Role::kTenantAdmin, Role::kAdmin);
constexpr auto kSeniors = static_cast<std::uint8_t>(kAdmins | bit(Role::kSenior));
constexpr auto kAnalysts = static_cast<std::uint8_t>(kSeniors | bit(Role::kAnalyst));
constexpr auto kResponders = static_cast<std::uint8_t>(kAnalysts | bit(Role::kResponder));
constexpr auto kReaders = static_cast<std::uint8_t>(kResponders | roles(Role::kViewer, Role::kAuditor));
constexpr auto kOversight = static_cast<std::uint8_t>(kAdmins | bit(Role::kAuditor));
constexpr std::uint8_t kEverybody = 0xff;

constexpr std::array<RoleInfo, kRoles> kRoleTable{{
    {Role::kViewer, "viewer", "sees alerts and incidents"},
    {Role::kResponder, "responder", "takes incidents, writes notes, approves actions"},
    {Role::kAnalyst, "analyst", "decides what is real, closes, joins and parts incidents"},
    {Role::kSenior, "senior", "also keeps lists, tables and sources in order, and repairs deliveries"},
    {Role::kTenantAdmin, "tenant-admin", "also people, keys and settings of the tenant, and its audit log"},
    {Role::kAdmin, "admin", "the same in every tenant, and the tenants themselves"},
    {Role::kAuditor, "auditor", "sees everything, the audit log too, and changes nothing"},
    {Role::kIngest, "ingest", "a key that hands in alerts and cannot read them"},
}};

constexpr std::array<VerbInfo, kVerbs> kVerbTable{{
    {Verb::kPublic, "public", "what needs no sign-in", kEverybody},
    {Verb::kOwnAccount, "account.own", "own session, password and second factor", kReaders},
    {Verb::kAlertsIngest, "alerts.ingest", "hand in alerts, events and files",
     static_cast<std::uint8_t>(kAnalysts | bit(Role::kIngest))},
    {Verb::kAlertsRead, "alerts.read", "read alerts, incidents and figures", kReaders},
    {Verb::kAlertsTriage, "alerts.triage", "status, assignee, notes, checklist", kResponders},
    {Verb::kAlertsDecide, "alerts.decide", "verdict, closing, priority, feedback, bulk", kAnalysts},
    {Verb::kIncidentsShape, "incidents.shape", "merge, split, open, rebuild", kAnalysts},
    {Verb::kResponseApprove, "response.approve", "approve, deny or record an action", kResponders},
    {Verb::kViewsShare, "views.share", "saved views of the team", kAnalysts},
    {Verb::kRecordsExport, "records.export", "alerts and incidents as files",
     static_cast<std::uint8_t>(kAnalysts | bit(Role::kAuditor))},
    {Verb::kKnowledgeRead, "knowledge.read", "read assets, directory users, lists and sources", kReaders},
    {Verb::kKnowledgeWrite, "knowledge.write", "change assets, directory users and lists", kSeniors},
    {Verb::kFaultsRead, "faults.read", "read dead letters and jobs",
     static_cast<std::uint8_t>(kSeniors | bit(Role::kAuditor))},
    {Verb::kFaultsRepair, "faults.repair", "replay, retry and discard them", kSeniors},
    {Verb::kMetricsRead, "metrics.read", "read /metrics", kReaders},
    {Verb::kDemo, "demo.run", "load sample data", kSeniors},
    {Verb::kSettingsRead, "settings.read", "read settings of the tenant", kOversight},
    {Verb::kSettingsWrite, "settings.write", "change settings of the tenant", kAdmins},
    {Verb::kPeopleRead, "people.read", "read people, roles and keys", kOversight},
    {Verb::kPeopleWrite, "people.write", "change people, roles and keys", kAdmins},
    {Verb::kAuditRead, "audit.read", "search, check and export the audit log", kOversight},
    {Verb::kTenantsRead, "tenants.read", "list all tenants", roles(Role::kAdmin)},
    {Verb::kTenantsWrite, "tenants.write", "create, change and suspend tenants", roles(Role::kAdmin)},
}};

template <class Table, class Value>
const auto& row_of(const Table& table, Value value) {
  return table[static_cast<std::size_t>(value)];
}

}  // namespace

const std::array<RoleInfo, kRoles>& role_table() {
  return kRoleTable;
}

const std::array<VerbInfo, kVerbs>& verb_table() {
  return kVerbTable;
}

VerbSet verbs_of(Role role) {
  VerbSet verbs;
  for (const auto& row : kVerbTable)
    verbs.set(static_cast<std::size_t>(row.verb), (row.roles & bit(role)) != 0);
  return verbs;
}

VerbSet verbs_in_scope() {
  VerbSet verbs;
  for (const auto verb :
       {Verb::kPublic, Verb::kOwnAccount, Verb::kAlertsRead, Verb::kAlertsTriage, Verb::kAlertsDecide,
        Verb::kResponseApprove, Verb::kViewsShare, Verb::kRecordsExport, Verb::kKnowledgeRead})
    verbs.set(static_cast<std::size_t>(verb));
  return verbs;
}

bool can_have_scope(Role role) {
  return role == Role::kViewer || role == Role::kResponder || role == Role::kAnalyst || role == Role::kSenior;
}

std::string_view to_text(Role role) {
  return row_of(kRoleTable, role).name;
}

std::string_view to_text(Verb verb) {
  return row_of(kVerbTable, verb).name;
}

std::optional<Role> parse_role(std::string_view name) {
  for (const auto& row : kRoleTable) {
    if (row.name == name) return row.role;
  }
  return {};
}

std::optional<Verb> parse_verb(std::string_view name) {
  for (const auto& row : kVerbTable) {
    if (row.name == name) return row.verb;
  }
  return {};
}

PrincipalPtr local_admin() {
  static const auto admin = std::make_shared<const Principal>(Principal{.kind = Principal::Kind::kLocal,
                                                                        .id = {},
                                                                        .name = "local-admin",
                                                                        .tenant_name = "default",
                                                                        .role = Role::kAdmin,
                                                                        .verbs = verbs_of(Role::kAdmin)});
  return admin;
}

std::string roles_markdown() {
  std::string text = "| verb | what |";
  for (const auto& role : kRoleTable) text.append(" ").append(role.name).append(" |");
  text += "\n|---|---|";
  for (std::size_t i = 0; i < kRoles; ++i) text += "---|";
  text += "\n";
  for (const auto& verb : kVerbTable) {
    text.append("| `").append(verb.name).append("` | ").append(verb.meaning).append(" |");
    for (const auto& role : kRoleTable) text += (verb.roles & bit(role.role)) != 0 ? " ✓ |" : "  |";
    text += "\n";
  }
  return text;
}

}  // namespace tocsin::model

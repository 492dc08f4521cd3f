#pragma once
// What a change of each kind writes into the audit. Pure: a database calls these with what it read before and
// what it wrote.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/audit.h"
#include "store/store.h"

namespace tocsin::store {

// One alert, or many under one change: then without an object id, the ids and how many had which value
// before. Absent when nothing differs.
class AlertAudit {
 public:
  void add(const model::Alert& before, const model::Alert& after);
  std::optional<AuditEntry> entry() const;

 private:
  struct Field {
    std::string from;                          // of the first one
    std::map<std::string, std::int64_t> many;  // value and how many had it, at most kValuesCounted of them
    std::string to;
  };
  std::map<std::string_view, Field> fields_;
  std::vector<std::string> ids_;
};

AuditEntry audit_of(const model::Incident& before, const model::Incident& after,
                    const std::optional<std::string>& note_before,
                    const std::optional<std::string>& note_after);
AuditEntry audit_of(const Decision& decision, std::int64_t number, const IncidentId& first,
                    const IncidentId& second, std::size_t alerts);
AuditEntry audit_of(const std::optional<model::Note>& before, const model::Note& after);
AuditEntry audit_of(const model::ActionRecord& record);
AuditEntry audit_of(const std::vector<DeadLetter>& letters);
AuditEntry audit_of_mark(const DeadLetter& before, bool resolved, std::string_view reason);
AuditEntry audit_of_enqueue(const Job& job);
AuditEntry audit_of_retry(const Job& before, const Job& after);
AuditEntry audit_of_discard(const Job& job);
AuditEntry audit_of(const Feedback& feedback);
AuditEntry audit_of(const AnswerRating& rating);
// Settings whose key begins so are secret: of their value only the first line is recorded.
inline constexpr std::string_view kSecretSettings = "secret.";
AuditEntry audit_of_setting(std::string_view key, const std::optional<std::string>& before,
                            std::string_view after);

// `content` is a hash (hex) of what the list holds. Of `before` and `after` one may be absent.
AuditEntry audit_of(const std::optional<IntelList>& before, const std::optional<IntelList>& after,
                    std::string_view content);
std::string content_hash(const std::vector<IntelEntry>& entries);
AuditEntry audit_of(const std::optional<ReferenceFile>& before, const std::optional<ReferenceFile>& after);

// One row. Of `before` and `after` one may be absent.
AuditEntry audit_of(AuditAction action, const std::optional<Asset>& before,
                    const std::optional<Asset>& after);
AuditEntry audit_of(AuditAction action, const std::optional<User>& before, const std::optional<User>& after);
// Many rows: their names and a hash of all they hold.
struct InventoryChange {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t removed = 0;
  std::vector<std::string> names;
  std::string content;  // hex
};
AuditEntry audit_of(AuditAction action, const InventoryChange& change);

// Raw events: `content` is a hash (hex) of the blocks written.
AuditEntry audit_of_events(std::size_t count, Seq first, Seq last, std::string_view content);

}  // namespace tocsin::store

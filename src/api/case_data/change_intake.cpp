#include "api/case_data/change_intake.h"

#include "api/case_data/case_data.h"
#include "ingest/changes/changes.h"

namespace tocsin::api {
namespace {

struct ChangeTag {
  static constexpr std::string_view kPrefix = "CH-";
};

Result<Pipeline::Reply> keep(Context& context, std::string_view body, std::string told_by) {
  const auto now = context.services.clock.now();
  TOCSIN_TRY(told, ingest::read_change(body, now));
  Pipeline::Reply reply;
  if (!told.change) return reply;
  reply.events = 1;
  std::vector<model::Change> changes{*std::move(told.change)};
  sign_changes(changes, told_by + " (" + std::string(told.tool) + ')', now);
  TOCSIN_CHECK(
      edit_case_data(context.store(), [&] { return add_changes(context.store(), std::move(changes)); }));
  return reply;
}

}  // namespace

void sign_changes(std::vector<model::Change>& changes, const std::string& told_by, Timestamp now) {
  for (auto& change : changes) {
    change.id = Id<ChangeTag>::make(now).str();
    change.told_by = told_by;
  }
}

Result<Pipeline::Reply> take_change(Context& context, std::string_view body, std::string_view content_type,
                                    std::string told_by) {
  auto reply = keep(context, body, std::move(told_by));
  const bool unreadable = !reply && (reply.error().kind == ErrorKind::kInvalidSyntax ||
                                     reply.error().kind == ErrorKind::kInvalidInput);
  if (!unreadable) return reply;
  const auto now = context.services.clock.now();
  store::DeadLetter letter;
  letter.id = DeadLetterId::make(now);
  letter.source = kChangesSource;
  letter.content_type = content_type;
  letter.reason = to_string(reply.error());
  letter.body = std::string(body.substr(0, store::kDeadLetterBytes));
  letter.truncated = body.size() > store::kDeadLetterBytes;
  letter.received_at = now;
  TOCSIN_CHECK(context.store().dead_letters().put({std::move(letter)}));
  return reply;
}

Result<Pipeline::Reply> replay_change(Context& context, const store::DeadLetter& letter) {
  auto& letters = context.store().dead_letters();
  if (letter.resolved || letter.truncated) {
    return error(ErrorKind::kConflict, "replay",
                 letter.resolved ? "this letter was replayed with success before"
                                 : "only the first MiB of this body was kept",
                 "send the original again from its tool");
  }
  auto reply = keep(context, letter.body, actor());
  TOCSIN_CHECK(letters.mark(letter.id, reply.ok(), reply ? "replayed" : to_string(reply.error())));
  return reply;
}

}  // namespace tocsin::api

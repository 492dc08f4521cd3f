#include "api/webhook_desk.h"

#include "api/access.h"
#include "auth/sodium.h"
#include "base/ascii.h"
#include "base/sha256.h"
#include "ingest/ingest.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kLease = "webhook_trust";
constexpr std::chrono::seconds kChangeTime{10};
constexpr std::size_t kKeyDigits = 32;  // 128 bits

bool is_signed(auth::WebhookScheme scheme) {
  return scheme == auth::WebhookScheme::kStandard || scheme == auth::WebhookScheme::kSlack ||
         scheme == auth::WebhookScheme::kGithub;
}

// A signature is over the bytes as they came, and the server has inflated these.
bool is_inflated(const http::Request& request) {
  const auto coding = request.header("Content-Encoding");
  return !coding.empty() && !equal_ignoring_case(coding, "identity");
}

std::string key_of(const std::string& source, const std::string& replay_key) {
  return "webhook:" + source + ":" + sha256_hex(replay_key).substr(0, kKeyDigits);
}

}  // namespace

WebhookDesk::WebhookDesk(Services& services, const Access* access, store::TenantId tenant)
    : services_(services),
      access_(access),
      tenant_(std::to_string(tenant.value)),
      owner_(auth::random_base62(22)) {}

bool WebhookDesk::is_fresh() const {
  const auto now = services_.clock.now();
  const std::lock_guard lock(mutex_);
  return table_ != nullptr && now >= read_at_ && now - read_at_ < kFresh;
}

Result<auth::TrustTable> WebhookDesk::read() const {
  TOCSIN_TRY(value, services_.store.setting(auth::kTrustSetting));
  if (!value) return auth::TrustTable();
  auto table = auth::decode_trust(*value, tenant_, access_->secrets);
  return table ? std::move(table) : auth::closed_trust(*value);
}

Result<void> WebhookDesk::refresh() {
  TOCSIN_TRY(table, read());
  keep(std::move(table));
  return {};
}

void WebhookDesk::keep(auth::TrustTable table) {
  const std::lock_guard lock(mutex_);
  std::erase_if(refused_, [&](const auto& entry) { return !table.contains(entry.first); });
  table_ = std::make_shared<const auth::TrustTable>(std::move(table));
  read_at_ = services_.clock.now();
}

WebhookDesk::TablePtr WebhookDesk::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

std::string WebhookDesk::name_of(std::string_view source) {
  const auto canonical = ingest::canonical_source(source);
  return std::string(canonical.empty() ? source : canonical);
}

std::optional<auth::SourceTrust> WebhookDesk::find(std::string_view source) const {
  const auto known = table();
  if (!known) return std::nullopt;
  const auto found = known->find(source);
  return found == known->end() ? std::nullopt : std::optional(found->second);
}

Error WebhookDesk::refuse(const std::string& source, Error why) {
  const std::lock_guard lock(mutex_);
  auto& refused = refused_[source];
  ++refused.count;
  refused.last_at = services_.clock.now();
  refused.last_reason = why.message;
  return why;
}

Result<std::string> WebhookDesk::verify(const std::string& source, const auth::SourceTrust& trust,
                                        const http::Request& request) {
  if (is_signed(trust.scheme) && is_inflated(request)) {
    return refuse(source, error(ErrorKind::kUnsupported, "verify webhook",
                                "a signed delivery has no Content-Encoding", "Send it uncompressed."));
  }
  const auto now = services_.clock.now();
  auto verified =
      auth::verify_webhook(trust.at(now), {request.headers, request.path_param("token"), request.body}, now);
  if (!verified) return refuse(source, std::move(verified).error());
  return verified->replay_key.empty() ? std::string() : key_of(source, verified->replay_key);
}

bool WebhookDesk::begin(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return under_way_.insert(key).second;
}

void WebhookDesk::end(const std::string& key) {
  const std::lock_guard lock(mutex_);
  under_way_.erase(key);
}

WebhookDesk::Refused WebhookDesk::refused(std::string_view source) const {
  const std::lock_guard lock(mutex_);
  const auto found = refused_.find(source);
  return found == refused_.end() ? Refused() : found->second;
}

Result<void> WebhookDesk::change(const std::function<Result<void>(auth::TrustTable&)>& edit) {
  const std::lock_guard one(change_mutex_);
  TOCSIN_TRY(is_ours, services_.store.leases().take(kLease, owner_, kChangeTime));
  if (!is_ours)
    return error(ErrorKind::kConflict, "change the trust of a source", "another server changes it just now",
                 "Send it again in a few seconds.");
  auto done = change_held(edit);
  (void)services_.store.leases().give_back(kLease, owner_);  // it runs out by itself
  return done;
}

Result<void> WebhookDesk::change_held(const std::function<Result<void>(auth::TrustTable&)>& edit) {
  TOCSIN_TRY(table, read());
  TOCSIN_CHECK(edit(table));
  TOCSIN_CHECK(
      services_.store.set_setting(auth::kTrustSetting, auth::encode_trust(table, tenant_, access_->secrets)));
  keep(std::move(table));
  return {};
}

}  // namespace tocsin::api

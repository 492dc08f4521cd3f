#pragma once
// The intake (src/intake) joined to the pipeline, the store and the settings.

#include <memory>

#include "app/pipeline.h"
#include "config/config.h"
#include "intake/intake.h"

namespace tocsin::app {

// kInvalidInput for an unknown source, and for an address that anybody may reach without showing who he is:
// beyond loopback only TLS with client certificates is listened on.
Result<intake::Options> to_intake_options(const config::Settings& settings);

// Alerts, events and dead letters go the same way as those of the API.
class PipelineSink final : public intake::Sink {
 public:
  explicit PipelineSink(Pipeline& pipeline) : pipeline_(pipeline) {}
  Result<void> keep_events(const std::vector<ingest::Record>& records) override;
  Result<void> keep_unreadable(const std::string& source,
                               const std::vector<ingest::Rejection>& rejections) override;
  void store_alerts(Alerts alerts, std::function<void(Result<Stored>)> done) override;

 private:
  Pipeline& pipeline_;
};

// In the database, so that a restored backup goes on reading where its alerts end.
class SettingPositions final : public intake::PositionStore {
 public:
  explicit SettingPositions(store::TenantStore& store) : store_(store) {}
  Result<std::optional<std::string>> read(const std::string& key) override { return store_.setting(key); }
  Result<void> write(const std::string& key, const std::string& value) override {
    return store_.set_setting(key, value);
  }

 private:
  store::TenantStore& store_;
};

}  // namespace tocsin::app

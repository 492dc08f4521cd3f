#pragma once
// What other processes changed in a database that several share, so that what people see here follows. A
// database of one process has nothing to tell.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/link.h"
#include "store/tenant_id.h"

namespace tocsin::store {

// Of one commit. Ids, never content: whoever needs that reads it, as its own caller may.
struct Notice {
  TenantId tenant;
  model::Seq alerts_up_to = 0;         // alerts were stored, the newest with this number; 0: none
  std::vector<std::string> alerts;     // "AL-…": changed, or seen again
  std::vector<std::string> incidents;  // "INC-…": made or changed
  std::vector<std::string> settings;   // keys
  bool removed = false;                // alerts or incidents are gone: lists are to be read anew
  bool everything = false;             // more than a notice lists, or nobody listened for a while: read anew

  bool empty() const {
    return alerts_up_to == 0 && alerts.empty() && incidents.empty() && settings.empty() && !removed &&
           !everything;
  }
};

// Called on a thread of the database's own, one call at a time; what it does delays what is heard next.
using NoticeHandler = std::function<void(const Notice&)>;

// A notice as text of at most kNoticeBytes; one that would be longer says `everything`. `origin` names the
// process.
constexpr std::size_t kNoticeBytes = 7900;
std::string encode_notice(const Notice& notice, std::string_view origin);
struct ReceivedNotice {
  std::string origin;
  Notice notice;
};
// Absent for text that is no notice.
std::optional<ReceivedNotice> decode_notice(std::string_view text);

}  // namespace tocsin::store

#pragma once
// The audit of a database file, read beside whoever writes it: everything as of one moment, nothing changed.

#include <memory>
#include <string>
#include <vector>

#include "store/audit.h"
#include "store/audit_head.h"

namespace tocsin::store {

class AuditFile {
 public:
  // kInvalidInput when the file is no database of ours or is older than the audit. Holds a read transaction
  // while it lives.
  static Result<std::unique_ptr<AuditFile>> open(const std::string& file);
  virtual ~AuditFile() = default;

  // Every tenant of which there is a record, an end or a head.
  virtual Result<std::vector<TenantId>> tenants() = 0;
  virtual const AuditReader& reader(TenantId tenant) = 0;
};

}  // namespace tocsin::store

#pragma once
// Where the files of a tenant lie: uploads and enrichment tables of its own.

#include <filesystem>
#include <string>

#include "store/store.h"

namespace tocsin::app {

// Its number names the folder, so that a new name does not lose its files. The default tenant's are in the
// data directory itself.
inline std::filesystem::path tenant_folder(const std::filesystem::path& data_dir, store::TenantId tenant) {
  return tenant == store::kDefaultTenant ? data_dir : data_dir / "tenants" / std::to_string(tenant.value);
}

// Of a tenant that was deleted; never the default one's. False when something of it could not be removed.
inline bool remove_tenant_folder(const std::filesystem::path& data_dir, store::TenantId tenant) {
  if (tenant == store::kDefaultTenant) return true;
  std::error_code failed;
  std::filesystem::remove_all(tenant_folder(data_dir, tenant), failed);
  return !failed;
}

}  // namespace tocsin::app

export { RedisServer, redisServerCommand } from "./redis-server.ts";
export { SharedStore, StoreDouble } from "./store-double.ts";

/** How a client says which data it is about. */
export type Addressing =
  | "prisma"
  | "sql"
  | "builder"
  | "entity"
  | "collection"
  | "key"
  | "topic"
  | "queue"
  | "command"
  | "index";

/** A kind of store, known by the packages of its clients. What it gives by default is judged elsewhere. */
export interface Technology {
  readonly id: TechnologyId;
  readonly modules: RegExp;
  /** What the package exports that stands for the store, and not for its data: `Prisma.UserCreateInput` is data. */
  readonly handles: RegExp;
  readonly addressing: Addressing;
}

export type TechnologyId =
  | "prisma"
  | "postgresql"
  | "mysql"
  | "sql"
  | "mongodb"
  | "redis"
  | "kafka"
  | "queue"
  | "dynamodb"
  | "s3"
  | "aws-queue"
  | "search"
  | "cassandra"
  | "spanner"
  | "firestore"
  | "etcd"
  | "memcached"
  | "process-cache";

const client = /(?:^|\.)(?:default|\*|\w*(?:Client|Pool|Connection|Sql|postgres|knex|drizzle|Knex|Kysely|DataSource))$/;

/** The first that fits counts. */
export const technologies: readonly Technology[] = [
  {
    id: "prisma",
    modules: /^(?:@prisma\/client(?:\/|$)|\.prisma\/client|.*\/generated\/prisma)/,
    handles: /Client$/,
    addressing: "prisma",
  },
  {
    id: "postgresql",
    modules: /^(?:pg|pg-pool|postgres|pg-promise|slonik|@neondatabase\/serverless|@vercel\/postgres)$/,
    handles: client,
    addressing: "sql",
  },
  {
    id: "postgresql",
    modules: /^drizzle-orm\/(?:node-postgres|postgres-js|pg-core|neon|vercel-postgres|pglite)/,
    handles: /^(?:drizzle|\w*Database)$/,
    addressing: "builder",
  },
  { id: "mysql", modules: /^(?:mysql|mysql2|mysql2\/promise|mariadb)$/, handles: /./, addressing: "sql" },
  { id: "sql", modules: /^drizzle-orm/, handles: /^(?:drizzle|\w*Database)$/, addressing: "builder" },
  {
    id: "sql",
    modules: /^(?:knex|kysely)$/,
    handles: /^(?:default|knex|Knex(?:\.Transaction)?|Kysely|Transaction)$/,
    addressing: "builder",
  },
  {
    id: "sql",
    modules: /^(?:typeorm|@mikro-orm\/[\w-]+|sequelize|sequelize-typescript|objection)$/,
    handles: /^(?:\w*Repository|DataSource|\w*EntityManager|BaseEntity|Model|getRepository|getManager|Connection)$/,
    addressing: "entity",
  },
  { id: "mongodb", modules: /^mongodb$/, handles: /^(?:MongoClient|Db|Collection)$/, addressing: "collection" },
  {
    id: "mongodb",
    modules: /^mongoose$/,
    handles: /^(?:default|\*|model|Model|Connection)(?:\.model)?$/,
    addressing: "entity",
  },
  {
    id: "redis",
    modules: /^(?:ioredis|redis|@redis\/client|@upstash\/redis|iovalkey)$/,
    handles: /^(?:default|\*|Redis\w*|Cluster|createCluster|createClient|createSentinel|Valkey)(?:\.Cluster)?$/,
    addressing: "key",
  },
  {
    id: "kafka",
    modules: /^(?:kafkajs|@confluentinc\/kafka-javascript|node-rdkafka)$/,
    handles: /(?:^|\.)(?:Kafka|Producer|Consumer|HighLevelProducer|KafkaConsumer)$/,
    addressing: "topic",
  },
  { id: "kafka", modules: /^@nestjs\/microservices$/, handles: /^ClientKafka(?:Proxy)?$/, addressing: "topic" },
  { id: "queue", modules: /^(?:bull|bullmq)$/, handles: /^(?:default|Queue|FlowProducer)$/, addressing: "queue" },
  {
    id: "queue",
    modules: /^(?:amqplib(?:\/callback_api)?|amqp-connection-manager|nats|pg-boss|@google-cloud\/pubsub)$/,
    handles: /./,
    addressing: "topic",
  },
  {
    id: "queue",
    modules: /^@nestjs\/microservices$/,
    handles: /^Client(?:Proxy|RMQ|Nats|Redis)$/,
    addressing: "topic",
  },
  {
    id: "dynamodb",
    modules: /^(?:@aws-sdk\/(?:client-dynamodb|lib-dynamodb)|aws-sdk\/clients\/dynamodb)$/,
    handles: /^(?:default|DynamoDB\w*|DocumentClient)(?:\.from)?$/,
    addressing: "command",
  },
  { id: "s3", modules: /^@aws-sdk\/client-s3$/, handles: /^S3(?:Client)?$/, addressing: "command" },
  {
    id: "aws-queue",
    modules: /^@aws-sdk\/client-(?:sqs|sns|eventbridge|kinesis|firehose)$/,
    handles: /^(?:\w+Client|SQS|SNS|EventBridge|Kinesis|Firehose)$/,
    addressing: "command",
  },
  {
    id: "search",
    modules:
      /^(?:@elastic\/elasticsearch|@opensearch-project\/opensearch|@nestjs\/elasticsearch|meilisearch|algoliasearch|typesense)$/,
    handles: /^(?:default|Client|ElasticsearchService|MeiliSearch|algoliasearch)$/,
    addressing: "index",
  },
  { id: "cassandra", modules: /^cassandra-driver$/, handles: /(?:^|\.)Client$/, addressing: "sql" },
  {
    id: "spanner",
    modules: /^@google-cloud\/spanner$/,
    handles: /^(?:Spanner|Database|Transaction)$/,
    addressing: "sql",
  },
  {
    id: "firestore",
    modules: /^(?:@google-cloud\/firestore|firebase-admin\/firestore|firebase\/firestore)$/,
    handles: /^(?:Firestore|getFirestore)$/,
    addressing: "collection",
  },
  { id: "etcd", modules: /^etcd3$/, handles: /^Etcd3$/, addressing: "key" },
  {
    id: "memcached",
    modules: /^(?:memcached|memjs)$/,
    handles: /^(?:default|Client)(?:\.create)?$/,
    addressing: "key",
  },
  {
    id: "process-cache",
    modules: /^(?:lru-cache|node-cache|cache-manager|@nestjs\/cache-manager|keyv|quick-lru)$/,
    handles: /^(?:default|LRUCache|Cache|Keyv|caching|createCache|memoryStore)$/,
    addressing: "key",
  },
];

export function technologyOf(module: string, name: string): Technology | undefined {
  return technologies.find(({ modules, handles }) => modules.test(module) && handles.test(name));
}

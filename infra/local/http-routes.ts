/**
 * The routes that the HTTP contract names: verb and path `?` query parameters `<` fields of the body `>` statuses of success and
 * fields of the answer. Words with a `%` stand for the lists below.
 */
export const contractRoutes = `
POST /auth/register < email password displayName > 201 id
POST /auth/login < email password > 200 %tokens
POST /auth/refresh < refreshToken > 200 %tokens
POST /auth/logout > 204
GET /me > id email displayName roles vendorId
PUT /accounts/{id}/roles < roles > %command
POST /auth/password/forgot < email
POST /auth/password/reset < token password
POST /auth/email/verify < token
PATCH /me < displayName email > %command
PUT /me/password < oldPassword newPassword
GET /me/sessions > items.id
DELETE /me/sessions/{id}
GET /api-keys > items.id items.name items.scopes items.expiresAt
POST /api-keys < name scopes expiresAt > 201 id key
DELETE /api-keys/{id}
GET /accounts ? q %page > %items
GET /vendors ? q state %page > %items items.state
GET /admin/queue ? %page > %items
GET /notifications ? %page > %items
POST /notifications/{id}/read > %command
GET /live ? topics
DELETE /me > 202
GET /.well-known/jwks.json > keys
POST /vendors < displayName country defaultCurrency > 201 %command
POST /vendors/{id}/approve < reason > %command
POST /vendors/{id}/suspend < reason > %command
POST /vendors/{id}/reinstate < reason > %command
POST /products < %product > 201 %command
PATCH /products/{id} < %product > %command
POST /products/{id}/versions < file version notes > 202 %command
POST /products/{id}/submit > %command
POST /products/{id}/retire > %command
POST /products/{id}/approve < reason > %command
POST /products/{id}/reject < reason > %command
POST /products/{id}/suspend < reason > %command
GET /products ? query %filters %page > %items %cards
GET /products/{idOrSlug} > %card description licenseTiers state
GET /products/{idOrSlug}/preview > version workflow.nodes.name workflow.nodes.type workflow.nodes.typeVersion workflow.nodes.position workflow.nodes.disabled workflow.connections notes.position notes.width notes.height notes.color notes.content credentials.type credentials.name credentials.kind credentials.nodes risks.kind risks.node risks.level risks.text
GET /products/{id}/versions ? %page > %items items.version items.state items.findings items.notes items.size items.sha256 items.nodeCount
GET /products/{id}/versions/{version} > version state findings.node findings.kind notes size sha256 nodeCount
GET /products/{id}/versions/{version}/thumb.svg > 200 304
POST /products/{id}/versions/{version}/yank < reason > %command
GET /products/{id}/readiness > reasons
GET /vendors/{id}/products ? state %page > %items items.state
GET /products/{id}/related > %cards
GET /home > picked.id bestsellers.id new.id popularSearches.text
GET /search/suggest ? q > items.text
GET /search ? q exact %filters %page > %items %cards total facets.category.value facets.category.label facets.category.count facets.tag.value facets.kind.value facets.worksWith.value facets.price.value facets.rating.value correction.from correction.to relaxations.without relaxations.total
GET /categories ? %page > %items
GET /vendors/{idOrSlug} > id slug displayName
POST /products/import > 200 ref id code
POST /orders/quote < %order > lines subtotal discount tax total
GET /cart > items.productId items.tierId items.quantity
PUT /cart/items/{productId} < tierId quantity > %command
DELETE /cart/items/{productId} > %command
POST /orders < %order paymentMethod > 202 %command
POST /orders/{id}/confirm > %command
POST /orders/{id}/refund-requests < reason > %command
GET /disputes ? %page > %items
POST /orders/{id}/dispute/evidence < text > %command
GET /orders/{id}/invoice > orderId lines total
POST /orders/{id}/cancel > %command
GET /orders ? %page > %items items.id items.state
GET /orders/{id} > id state disputed createdAt currency lines.id lines.productId lines.title lines.tierId lines.quantity lines.unitPrice lines.discount lines.tax lines.total lines.vendorId subtotal discount tax total refunded coupon refunds dispute payment.state payment.method payment.clientAction.type payment.clientAction.url payment.clientAction.expiresAt licenses.id licenses.productId licenses.state reason timeline.at timeline.step timeline.reason
POST /orders/{id}/refunds < lines.lineId lines.amount amount.amount amount.currency reason > 202 %command
POST /coupons < code percentOff amountOff maxRedemptions perCustomer productIds startsAt endsAt > 201 %command
GET /coupons ? %page > %items items.code items.uses
DELETE /coupons/{code} > %command
POST /reviews/{id}/reply < body > %command
GET /vendors/{id}/reviews ? unanswered %page > %items
POST /products/{id}/reviews < stars title body > 201 200 %command
GET /products/{id}/reviews ? %page > %items items.stars
GET /licenses ? %page > %items items.id items.key
GET /licenses/{id} > id key productId title orderId tierId state latestVersion activationLimit activations.machine activations.name activations.at expiresAt
POST /licenses/validate < key productId machine > 200 valid code detail license
POST /licenses/{id}/activations < machine name > 201 %command
DELETE /licenses/{id}/activations/{machine} > %command
POST /downloads < licenseId version > url expiresAt sha256 size
GET /files/{token} > 200 206
POST /webhooks/payments
POST /simulator/webhooks < delayMs copies shuffle
GET /vendors/{id}/balance ? asOf > items.currency items.pending items.available items.reserved items.paidOut asOf position
GET /vendors/{id}/ledger ? cause from to %page > %items items.cause items.position
GET /vendors/{id}/balance/series ? from to > items.date items.balances
GET /vendors/{id}/orders ? %page > %items
GET /vendors/{id}/stats ? from to > days.sales days.orders previous
GET /vendors/{id}/payout-account > account
PUT /vendors/{id}/payout-account < token > %command
PATCH /vendors/{id} < displayName country defaultCurrency > %command
POST /vendors/{id}/payouts < amount.amount amount.currency > 202 %command
GET /vendors/{id}/payouts ? %page > %items items.state items.attempts items.reasons
GET /vendors/{id}/payouts/{payoutId} > state attempts reasons
POST /vendors/{id}/payouts/{payoutId}/cancel > %command
GET /vendors/{id}/statements ? %page > %items items.period
GET /vendors/{id}/statements/{period} > period currencies
GET /audit/events ? stream category type actorId correlationId from to minPosition %page > %items items.position items.stream items.revision items.id items.type items.data items.metadata items.recordedAt
GET /audit/streams/{stream} ? asOfRevision asOf > events.position events.id state
GET /audit/streams/{stream}/diff ? from to > changes.path
GET /audit/correlations/{id} > roots
GET /audit/proof > head events verifiedUpTo
POST /audit/verify < from to > ok firstBad.position
GET /audit/streams ? q %page > %items items.stream
POST /audit/unseal < stream revision path reason > value
GET /audit/read-models/{projection}/{documentId} ? asOf > document
GET /operator/projections ? %page > items.name items.version items.state items.checkpoint items.lag.events items.lag.seconds items.rate items.lastError items.rebuild
GET /operator/projections/{name} > version state checkpoint lag.events lag.seconds rate lastError rebuild.done rebuild.total rebuild.secondsLeft
POST /operator/projections/{name}/rebuild < reason > 202 %command
POST /operator/projections/{name}/pause > %command
POST /operator/projections/{name}/resume > %command
POST /operator/projections/{name}/cancel > %command
POST /operator/projections/{name}/rollback > %command
POST /operator/projections/{name}/drop > %command
GET /operator/dead-letters ? %page > %items
POST /operator/dead-letters/{id}/replay < reason > %command
POST /operator/dead-letters/{id}/discard < reason > %command
GET /operator/sagas ? %page > items.id items.saga items.stream items.owes items.since items.tries items.lastAnswer items.overdue
POST /operator/sagas/{id}/retry > %command
POST /operator/sagas/{id}/resolve < outcome reason > %command
GET /operator/engines > items.name items.state
GET /operator/outbox ? %page > %items
GET /health/live
GET /health/ready
GET /metrics`;

const card =
  'id slug title summary price kind category tags vendor.id vendor.slug vendor.displayName rating.average rating.count sold nodeCount integrations thumbUrl publishedAt';

export const wordLists: Readonly<Record<string, string>> = {
  '%tokens': 'accessToken refreshToken expiresIn tokenType',
  '%command': 'id stream revision position',
  '%page': 'limit cursor',
  '%items': 'items nextCursor',
  '%card': card,
  '%cards': card.replaceAll(/(\S+)/g, 'items.$1'),
  '%filters': 'category tag kind worksWith minPrice maxPrice currency minRating vendorId sort',
  '%product':
    'title summary description integrations stock kind category tags price.amount price.currency licenseTiers.id licenseTiers.name licenseTiers.price licenseTiers.activationLimit licenseTiers.validDays',
  '%order':
    'items.productId items.tierId items.quantity items.expectedPrice.amount items.expectedPrice.currency couponCode billing.country billing.vatId billing.name',
};

/** What we have beyond the contract, and why. */
export const beyondContract: Readonly<Record<string, string>> = {
  'POST /orders/{id}/refund-requests/{requestId}/refuse':
    'a refund request is "answered with a refund or a refusal": the refusal needs a way',
};

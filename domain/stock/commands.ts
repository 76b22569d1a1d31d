export type StockCommand =
  | {
      readonly type: 'ReserveStock';
      readonly productId: string;
      readonly orderId: string;
      /** Units of the whole order, all its lines of this product together. */
      readonly quantity: number;
      /** Counts the vendor's settings of the product's stock, from 1; `available` is what the vendor set there. */
      readonly level: number;
      readonly available: number;
      readonly until: string;
    }
  | { readonly type: 'ConfirmStock'; readonly productId: string; readonly orderId: string }
  | { readonly type: 'ReleaseStock'; readonly productId: string; readonly orderId: string; readonly reason: string };

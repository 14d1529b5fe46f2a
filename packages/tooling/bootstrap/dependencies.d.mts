export declare function ensureDependencies(root: string): Promise<void>;
export declare function isInstalled(root: string): boolean;
